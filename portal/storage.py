"""Static files in production: the content's hash in each name, so that they are cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites the imports between ES modules to the hashed names."""

    support_js_module_import_aggregation = True
