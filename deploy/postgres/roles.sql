-- The database and the roles of the data adapters. Run it before the first start, as a superuser:
--
--   psql --file deploy/postgres/roles.sql postgres://postgres@localhost:5432/postgres
--
-- Safe to run again, also on a volume that has them already; passwords are set to what is given here.
-- Override any of the names and passwords with --set=database=… and so on. The passwords below are those
-- of development: give others anywhere else.
\set ON_ERROR_STOP on
\if :{?database} \else \set database trading_ecosystem \endif
\if :{?exchange_role} \else \set exchange_role exchange_adapter \endif
\if :{?exchange_password} \else \set exchange_password exchange-adapter-db-pass \endif
\if :{?market_data_role} \else \set market_data_role market_data_adapter \endif
\if :{?market_data_password} \else \set market_data_password market-data-adapter-db-pass \endif

SELECT format('CREATE DATABASE %I', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

SELECT format('CREATE ROLE %I', role) FROM unnest(ARRAY[:'exchange_role', :'market_data_role']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE :"exchange_role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'exchange_password';
ALTER ROLE :"market_data_role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'market_data_password';

-- Each adapter makes its schema itself, and so owns it; the database is nobody else's.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :"database" TO :"exchange_role", :"market_data_role";
