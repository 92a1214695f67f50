# Values that are too long, which a test file cannot make up by itself under OpenTofu.

output "ids_beyond_a_policy" {
  value = [for number in range(150) : format("i-%017x", number)]
}

output "ids_beyond_an_environment_with_follow_ups" {
  value = [for number in range(100) : format("i-%017x", number)]
}

output "ids_beyond_an_environment" {
  value = [for number in range(250) : format("i-%017x", number)]
}

output "holidays_beyond_an_input" {
  value = [for day in range(700) : formatdate("YYYY-MM-DD", timeadd("2027-01-01T00:00:00Z", "${day * 24}h"))]
}

output "long_text" {
  value = join("", [for number in range(513) : "x"])
}
