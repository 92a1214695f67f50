terraform {
  # `check`, strcontains() and the import blocks of `adopt` came with 1.5. Conditions of variables that read
  # other values came with 1.9, but OpenTofu has none: problems.tf does without.
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # nodejs22.x came with version 1.67.0 of AWS's Go SDK for Lambda (2024-11-20), six days before 5.78.0; pull 40277
      # of the provider documents it. Nothing here is newer: exclusive attachments of a role came with 5.72.0,
      # logging_config with 5.32.0.
      version = ">= 5.78.0, < 7.0.0"
    }
  }
}
