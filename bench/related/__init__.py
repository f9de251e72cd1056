"""Rankings of related pages, ours beside others, on pages whose authors recommended some."""
