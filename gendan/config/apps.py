from django.apps import AppConfig


class GendanConfig(AppConfig):
    name = "gendan.config"
    label = "config"
