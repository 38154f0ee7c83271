"""How forms look: label above, hint, error below; a summary on top that links to the fields."""

from django import forms
from django.core.exceptions import ValidationError as FormError
from django.template.loader import render_to_string

from dalian_coop.base.errors import ValidationError


class PortalForm:
    """Mixin for forms: ``{{ form }}`` renders in the portal's design, and errors of services find their fields.

    >>> class TaskForm(PortalForm, forms.ModelForm): ...
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField) and type(field.widget) is forms.DateInput:
                field.widget = DayInput(attrs=field.widget.attrs)
            if isinstance(field.widget, forms.Textarea) and field.widget.attrs.get("rows") == "10":
                field.widget.attrs["rows"] = "4"  # Django's default is half a screen

    def render(self, template_name=None, context=None, renderer=None):
        """The whole form. Through the project's templates; widgets keep Django's own."""
        if template_name:
            return super().render(template_name, context, renderer)
        return render_to_string("ui/includes/form.html", {"form": self})

    __str__ = render
    __html__ = render

    def add_service_errors(self, error: ValidationError) -> None:
        """Show what a service refused at the field it names; what has no field here stands on top."""
        for name, errors in error.errors.items():
            field = name if name in self.fields else None
            for item in errors:
                self.add_error(field, FormError(str(item.message), code=item.code))


class DayInput(forms.DateInput):
    """The browser's date field; it needs ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")
