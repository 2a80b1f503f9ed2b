"""The collector alone: reads the machines of a site and sends home what they say, with nothing but a file of its own.

Without Django and without the node's settings: `platen collector run` takes what it needs from one TOML file.

    search ──▶ machines ──▶ visits ──▶ masks ──▶ outbox ──▶ envelope ──▶ https, ftps, sftp, mail or a folder
               └────────── one SQLite file ──────────┘
"""
