output "schedules" {
  description = "What fires, and when."
  value       = module.office_hours.schedules
}

output "alarm_arns" {
  description = "For a dashboard or a composite alarm."
  value       = module.office_hours.alarm_arns
}
