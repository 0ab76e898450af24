from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def refuse_what_was_lost(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rows of bytes that were deleted while they were uploaded again; the next upload gives them another look."""
    lost = apps.get_model("simulations", "Fmu").objects.using(schema_editor.connection.alias)
    lost.filter(archive="").exclude(status="refused").update(
        status="refused", refusal_code="sandbox_error", refusal_message="These bytes were lost. Upload the FMU again."
    )


class Migration(migrations.Migration):
    dependencies = [("simulations", "0009_guest_result_age")]

    operations = [
        migrations.RunPython(refuse_what_was_lost, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="fmu",
            constraint=models.CheckConstraint(
                name="fmu_archive_until_refused",
                condition=models.Q(("status", "refused"), models.Q(("archive", ""), _negated=True), _connector="OR"),
            ),
        ),
    ]
