-- What the application has had, and the column revision, which SCIM adds.
CREATE TABLE IF NOT EXISTS accounts (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  org_id VARCHAR(64) NOT NULL,
  email VARCHAR(191) NOT NULL,
  external_id VARCHAR(191),
  first_name VARCHAR(191),
  last_name VARCHAR(191),
  enabled TINYINT(1) NOT NULL DEFAULT 1,
  revision INT NOT NULL DEFAULT 1,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  scim JSON,
  UNIQUE KEY accounts_email (org_id, email),
  KEY accounts_external_id (org_id, external_id)
);
CREATE TABLE IF NOT EXISTS teams (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  org_id VARCHAR(64) NOT NULL,
  name VARCHAR(191) NOT NULL,
  external_id VARCHAR(191),
  revision INT NOT NULL DEFAULT 1,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  UNIQUE KEY teams_name (org_id, name)
);
CREATE TABLE IF NOT EXISTS team_members (
  team_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  PRIMARY KEY (team_id, account_id),
  KEY team_members_account (account_id),
  FOREIGN KEY (team_id) REFERENCES teams (id),
  FOREIGN KEY (account_id) REFERENCES accounts (id)
);
