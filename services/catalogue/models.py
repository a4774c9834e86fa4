"""Departments, materials and the service items with their versions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CatalogueVersion(models.Model):
    """One published load of the catalogue files."""

    digest = models.CharField(max_length=64, help_text="of all that was loaded")
    loaded_at = models.DateTimeField()
    city = models.JSONField(help_text="rows of city.csv: code, name, special materials")
    districts = models.JSONField(help_text="rows of districts.csv")


class Department(models.Model):
    """A municipal department."""

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    full_name = models.CharField(max_length=120)
    system = models.CharField(max_length=120)
    duty_phone = models.CharField(max_length=60)
    via_hub = models.BooleanField(default=False)
    snapshot_hours = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """The municipal or district office of a department that handles cases."""

    code = models.CharField(max_length=40, primary_key=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    district = models.CharField(max_length=6, blank=True, help_text="blank: the city")
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Material(models.Model):
    """What an item may ask for."""

    class Kind(models.TextChoices):
        GOVERNMENT_ISSUED = "government_issued", _("政府部门核发")
        APPLICANT_MADE = "applicant_made", _("申请人自备")
        THIRD_PARTY = "third_party", _("第三方出具")

    code = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    holder = models.ForeignKey(
        Department,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="the department that answers; blank: only the applicant has it",
    )
    obtain_mode = models.CharField(max_length=20)
    validity_months = models.PositiveIntegerField(null=True, blank=True)
    description = models.TextField(blank=True)
    attributes = models.JSONField(
        default=list, help_text="evidence attributes, in order"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_government_issued_material_has_a_holder",
                condition=~Q(kind="government_issued") | Q(holder__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Item(models.Model):
    """One service item (事项); what it asks for stands in its versions."""

    code = models.CharField(max_length=12, primary_key=True)
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    weight = models.FloatField(default=1, help_text="thousand cases a year, guessed")
    phrases = models.JSONField(default=list, help_text="everyday words with weights")
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seq"],
                condition=Q(withdrawn_on__isnull=True),
                name="a_number_names_one_item_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ItemVersion(models.Model):
    """An item as it stood for a time; immutable, cases pin the one they began under."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    definition = models.JSONField(help_text="services.catalogue.definition, as JSON")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "number"], name="an_item_numbers_its_versions"
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(valid_until__isnull=True),
                name="an_item_has_one_current_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"


class LifeEvent(models.Model):
    """A bundle of items for one event in a company's life (一件事)."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    steps = models.JSONField(help_text="item code, order, depends_on, note")
