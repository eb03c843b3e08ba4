"""Django's command line for the board's site; it runs in a copy of this folder, which then holds database, files and papers too."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "board.settings"
execute_from_command_line(sys.argv)
