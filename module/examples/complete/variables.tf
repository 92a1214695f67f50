variable "region" {
  description = "Region of the functions and of the databases."
  type        = string
  default     = "ap-northeast-2"
}

variable "database_ids" {
  description = "The instances of the databases, in that region."
  type        = list(string)
  default     = ["i-0123456789abcdef0", "i-08ce9b2d7eccf6d26"]
}

variable "subnet_ids" {
  description = "Subnets of the functions, in two availability zones."
  type        = list(string)
  default     = ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]
}

variable "security_group_ids" {
  description = "Security groups of the functions, which let HTTPS out."
  type        = list(string)
  default     = ["sg-0123456789abcdef0"]
}

variable "log_key_arn" {
  description = "ARN of the KMS key that encrypts the log groups. Its policy lets CloudWatch Logs use it."
  type        = string
  default     = "arn:aws:kms:ap-northeast-2:123456789012:key/1b2c3d4e-5f60-4a7b-8c9d-0e1f2a3b4c5d"
}

variable "volume_key_arn" {
  description = "ARN of the KMS key that encrypts the volumes of the instances."
  type        = string
  default     = "arn:aws:kms:ap-northeast-2:123456789012:key/6c7d8e9f-0a1b-4c2d-8e3f-4a5b6c7d8e9f"
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds every role of the account."
  type        = string
  default     = "arn:aws:iam::123456789012:policy/boundary"
}
