"""What the suites of the drop files say alike.

Who is told when one is red: whoever wrote the file. People write these files, so a bad line is set aside with its file
and line number and the others go on; only when more than one in twenty is bad is the whole load held back (see
thresholds.py). `lw signals check FILE` says the same before the file is dropped.
"""

CORRECT = "Correct the lines shown by `lw quarantine` and drop the file again."
REPEATED = "A line handed in twice counts once, as the newest file has it; two different lines need two keys."
NO_DAY = "Without the day it falls into no month."
NO_ID = "A line without an id cannot be corrected later."
NO_PERSON = "A line without a person counts for no department."
NO_TEAM = "A line without its team counts nowhere."
NO_TIME = "Without the time it falls into no month."
