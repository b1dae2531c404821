-- What `prisma migrate` makes of schema.prisma.
CREATE TABLE IF NOT EXISTS "Account" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "orgId" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "emailKey" TEXT NOT NULL,
  "externalId" TEXT,
  "firstName" TEXT,
  "lastName" TEXT,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "revision" INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX IF NOT EXISTS "Account_orgId_emailKey_key" ON "Account" ("orgId", "emailKey");
CREATE INDEX IF NOT EXISTS "Account_orgId_externalId_idx" ON "Account" ("orgId", "externalId");
CREATE TABLE IF NOT EXISTS "Team" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "orgId" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "nameKey" TEXT NOT NULL,
  "externalId" TEXT,
  "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "revision" INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX IF NOT EXISTS "Team_orgId_nameKey_key" ON "Team" ("orgId", "nameKey");
CREATE TABLE IF NOT EXISTS "Membership" (
  "teamId" TEXT NOT NULL REFERENCES "Team" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "accountId" TEXT NOT NULL REFERENCES "Account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  PRIMARY KEY ("teamId", "accountId")
);
CREATE INDEX IF NOT EXISTS "Membership_accountId_idx" ON "Membership" ("accountId");
