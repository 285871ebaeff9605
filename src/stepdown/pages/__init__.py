"""The shell of every page: base templates, GOV.UK form components, template tags, styles."""
