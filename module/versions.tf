terraform {
  # optional() with defaults came with 1.3; nothing later is used, so OpenTofu runs it too.
  required_version = ">= 1.3.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 5.78.0 (2024-11-26) is the first release after Lambda took nodejs22.x (2024-11-22; pull 40277 of the provider).
      # Nothing here is newer: exclusive attachments of a role came with 5.72.0, logging_config with 5.32.0.
      version = ">= 5.78.0, < 7.0.0"
    }
  }
}
