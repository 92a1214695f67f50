provider "aws" {
  region = local.config.region
}

locals {
  # The file of the command-line tool, which previews the same schedules: ec2-start-stop preview.
  config = yamldecode(file("${path.module}/ec2-start-stop.yaml"))
}

module "dev" {
  source = "../.."

  config = local.config
}
