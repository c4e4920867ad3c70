"""Hosts, addresses, the network and what comes over it; knows no archive and no spider."""
