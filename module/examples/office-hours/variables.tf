variable "region" {
  description = "Region of the instances and of what starts and stops them."
  type        = string
  default     = "ap-northeast-2"
}

variable "instance_ids" {
  description = "The instances that run in office hours."
  type        = list(string)
  default     = ["i-0123456789abcdef0", "i-08ce9b2d7eccf6d26"]
}
