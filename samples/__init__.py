"""A meeting to try: a synthetic recording with agenda and attendance, and how it was made."""
