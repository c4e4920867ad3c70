"""What is sent: to people the stories of their watches, to monitors how portals are and that harvests run."""
