"""What the desk does by itself: it mails."""

from gendan.desk.mailing import mail_message

__all__ = ["mail_message"]
