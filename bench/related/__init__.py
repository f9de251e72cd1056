"""Compare rankings of related pages on evaluation sets of pages whose authors recommended others."""
