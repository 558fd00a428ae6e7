import { fileURLToPath } from "node:url";
import type { Clock, Timestamp } from "@tse/domain";
import { migrate, readMigrations, type SqlDatabase } from "@tse/storage";
import { TEST_BACKENDS } from "@tse/storage/testing";
import { repositoriesOver } from "../src/exchange-repositories.ts";
import { MemoryDatabase } from "../src/store/memory-database.ts";
import { SqlSession } from "../src/store/sql-session.ts";
import { uuidV7 } from "../src/store/uuid-v7.ts";
fileURLToPath; MemoryDatabase; SqlSession; uuidV7;
