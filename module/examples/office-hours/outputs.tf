output "function_names" {
  description = "Invoke them by hand without an event to stop or start everything now."
  value       = module.office_hours.function_names
}
