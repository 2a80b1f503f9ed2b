from typing import Any

from django.db import migrations, models


def look_at_machines(_apps: Any, editor: Any) -> None:
    """SQLite takes an index of which it knows nothing for the best one, as long as it has not looked at the table."""
    if editor.connection.vendor != "sqlite":
        return
    with editor.connection.cursor() as cursor:
        if cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
            cursor.execute("ANALYZE fleet_machine")


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0004_device_takes_documents"),
        ("fleet", "0014_keep_runs_days"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="machine", name="machine_power"),
        migrations.AddIndex(
            model_name="machine",
            index=models.Index(fields=["tenant", "power", "managed"], name="machine_power"),
        ),
        migrations.AddIndex(
            model_name="meterreading",
            index=models.Index(
                condition=models.Q(("raw__isnull", False)), fields=["machine", "at"], name="reading_kept_whole"
            ),
        ),
        migrations.RunPython(look_at_machines, migrations.RunPython.noop, elidable=True),
    ]
