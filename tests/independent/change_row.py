"""Changes what the database says of a public key, behind Keyreeve's back, for a test of who notices.

usage: change_row.py VAULT PASSPHRASE_FILE
"""

import read_vault

read_only = read_vault.open_database


def change(vault, passphrase):
    read_vault.open_database = lambda folder, key: read_only(folder, key, mode="rw")
    _, database, _ = read_vault.open_vault(vault, passphrase)
    # A weak key is given out as a sound one.
    weak = "UPDATE public_keys SET algorithm = 'rsa-2048' WHERE algorithm = 'rsa-1024'"
    changed = database.execute(weak).rowcount
    database.commit()
    return {"changed": changed}


if __name__ == "__main__":
    read_vault.main(change)
