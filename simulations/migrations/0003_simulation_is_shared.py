from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("simulations", "0002_worker_cage_starts")]

    operations = [
        migrations.AddField(
            model_name="simulation",
            name="is_shared",
            field=models.BooleanField(default=False, help_text="Whether the share key opens it."),
        ),
    ]
