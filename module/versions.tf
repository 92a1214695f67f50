terraform {
  # optional() with defaults came with 1.3; nothing later is used, so OpenTofu runs it too.
  required_version = ">= 1.3.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 5.78 is the first with the runtime nodejs22.x (logging_config: 5.32, the state of a rule: 5.27).
      version = ">= 5.78.0, < 7.0.0"
    }
  }
}
