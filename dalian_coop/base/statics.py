"""Static files under names that carry a digest of their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleAwareStorage(CompressedManifestStaticFilesStorage):
    """Scripts import each other under these names too, so that a browser never mixes an old module with a new one."""

    support_js_module_import_aggregation = True
