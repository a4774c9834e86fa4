"""`python -m services.ledger.witnessing --folder DIR --port PORT --log KEY`."""

import sys

from services.ledger.witnessing.run import main

sys.exit(main())
