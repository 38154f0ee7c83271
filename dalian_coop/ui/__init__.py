"""The face of the portal: shell, navigation, components as template tags, map, forms, page-or-fragment answers.

No models and no domain words. Classes of the components: static/css/components.css; tags: ``{% load ui %}``.
"""
