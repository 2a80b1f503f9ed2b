from django.apps import AppConfig


class EventLogConfig(AppConfig):
    name = "platen.eventlog"
