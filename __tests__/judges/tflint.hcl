# All rules of the ruleset for the language itself; the one for AWS is a plugin that tflint would download.
plugin "terraform" {
  enabled = true
  preset  = "all"
}
