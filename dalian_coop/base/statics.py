"""Static files under names that carry a digest of their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleAwareStorage(CompressedManifestStaticFilesStorage):
    """Our scripts import each other under these names too, so that a browser never mixes an old module with a new one.

    Only ours: a package may bring scripts that import something which is not there.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
