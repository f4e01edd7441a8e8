"""Make the bucket that PCM_STORE names, where it is not there."""

import os

from pyarrow.fs import FileSystem

files, folder = FileSystem.from_uri(os.environ["PCM_STORE"] + "&allow_bucket_creation=true")
files.create_dir(folder.split("/")[0])
