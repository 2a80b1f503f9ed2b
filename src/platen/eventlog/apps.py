from django.apps import AppConfig


class EventLogConfig(AppConfig):
    """The event log and the audit trail."""

    name = "platen.eventlog"

    def ready(self) -> None:
        """Listen to the layers below."""
        from platen.eventlog.receivers import policy_was_changed
        from platen.tenants.events import policy_changed

        policy_changed.connect(policy_was_changed, dispatch_uid="audit-policy")
