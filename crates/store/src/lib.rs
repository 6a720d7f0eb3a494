//! The SQLCipher store of a vault: schema, migrations, queries and the audit log's Merkle tree.
