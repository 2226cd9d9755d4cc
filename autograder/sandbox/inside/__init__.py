"""The half of the sandbox that runs inside it: nothing here is secret, and nothing that it says is believed."""
