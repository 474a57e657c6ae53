"""The project: settings, addresses, servers. No word of the newsroom in here."""
