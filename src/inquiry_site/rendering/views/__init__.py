"""What templates are given: frozen values without behaviour. Sites override templates, so this is a public contract."""
