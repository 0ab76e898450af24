from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("simulations", "0009_guest_result_age")]

    operations = [
        migrations.AddConstraint(
            model_name="fmu",
            constraint=models.CheckConstraint(
                name="fmu_archive_until_refused",
                condition=models.Q(("status", "refused"), models.Q(("archive", ""), _negated=True), _connector="OR"),
            ),
        ),
    ]
