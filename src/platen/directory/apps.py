from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "platen.directory"
