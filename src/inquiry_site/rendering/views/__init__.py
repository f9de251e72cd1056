"""The context of templates: frozen values without behaviour. A public contract, because sites override templates."""
