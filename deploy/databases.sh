#!/bin/sh
# Run once by the image of PostgreSQL when its volume is empty: a user and a database of its own for Airflow and for the
# ledger, neither of which can open the other's.
set -eu

make() {
	psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set name="$1" --set password="$(cat "/run/secrets/$2")" <<-'SQL'
		create role :"name" login password :'password';
		create database :"name" owner :"name";
		revoke connect on database :"name" from public;
	SQL
}

make airflow airflow_db_password
make pcm ledger_password
