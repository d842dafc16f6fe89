from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "gendan.journal"
