"""Forms: errors at the field, text kept, a summary on top, errors of services find their fields."""

from django import forms

from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.ui.forms import PortalForm


class TaskForm(PortalForm, forms.Form):
    title = forms.CharField(label="Title", max_length=20, help_text="Short")
    due = forms.DateField(label="Due", required=False)
    kinds = forms.MultipleChoiceField(
        label="Kinds", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, required=False
    )


def test_errors_stand_at_the_field_and_in_the_summary():
    html = str(TaskForm({"title": "x" * 30}))
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html and 'aria-invalid="true"' in html
    assert 'href="#id_title"' in html and "data-error-summary" in html
    assert f'value="{"x" * 30}"' in html  # what was typed stays


def test_fresh_form_has_no_summary():
    html = str(TaskForm())
    assert "data-error-summary" not in html and 'id="id_title_helptext"' in html


def test_html_in_a_field_is_shown_as_text():
    assert "<b>" not in str(TaskForm({"title": "<b>bold</b>"}))


def test_choices_stand_in_a_named_group():
    html = str(TaskForm())
    assert "<fieldset" in html and "<legend>Kinds" in html


def test_day_field_holds_an_iso_date_in_every_language():
    from datetime import date

    from django.utils import translation

    for language in ("zh-hans", "ja", "en"):
        with translation.override(language):
            assert 'value="2026-11-24"' in str(TaskForm(initial={"due": date(2026, 11, 24)}))


def test_errors_of_a_service_find_their_fields():
    form = TaskForm({"title": "ok"})
    assert form.is_valid()
    form.add_service_errors(
        ValidationError(
            {
                "due": [Error("before_start", "The deadline lies before the start.")],
                "weight": [Error("too_big", "The weight is over 100.")],
            }
        )
    )
    assert form.errors["due"].as_data()[0].code == "before_start"
    assert form.non_field_errors() == ["The weight is over 100."]
