"""What is kept: meetings, their files and drafts, jobs, the audit log, and for how long."""

from pipeline.archive.archive import Archive, JobView, MeetingView
from pipeline.archive.database import database_url, migrate, open_engine
from pipeline.archive.retention import Due, carry_out, plan

__all__ = ["Archive", "Due", "JobView", "MeetingView", "carry_out", "database_url", "migrate", "open_engine", "plan"]
