import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK, SignJWT } from 'jose';
import * as z from 'zod';

const issuerSchema = z.object({
  privateKey: z.string(),
  publicKey: z.record(z.string(), z.unknown()),
  kid: z.string(),
  issuer: z.string(),
  audience: z.string(),
});
type IssuerFile = z.infer<typeof issuerSchema>;

export interface TokenClaims {
  role: string;
  areas: string;
  sub?: string;
  expiresInSeconds?: number;
}

/** The local identity provider: one RSA key pair kept in the data folder, readable by its owner alone. */
export interface Issuer {
  publicKey: JWK;
  issuer: string;
  audience: string;
  token(claims: TokenClaims): Promise<string>;
}

const workingDaySeconds = 12 * 3600;
const file = (dataDir: string): string => join(dataDir, 'issuer.json');

/**
 * Opens the issuer of a data folder, making its key on the first start.
 * @param names what the templates' JWT authorizer expects; without it what was last written stays
 */
export async function openIssuer(
  dataDir: string,
  names?: { issuer: string; audience: string },
): Promise<Issuer> {
  const known = existsSync(file(dataDir)) ? readIssuer(dataDir) : await newIssuer();
  const current = { ...known, ...names };
  if (!existsSync(file(dataDir)) || JSON.stringify(known) !== JSON.stringify(current)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(file(dataDir), JSON.stringify(current), { mode: 0o600 });
  }
  const key = await importPKCS8(current.privateKey, 'RS256');
  const { kid, issuer, audience } = current;
  return {
    publicKey: { ...current.publicKey, kid, alg: 'RS256', use: 'sig' },
    issuer,
    audience,
    token: ({ role, areas, sub, expiresInSeconds = workingDaySeconds }) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ role, areas })
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(sub ?? `${role}-${areas.replaceAll(' ', '-')}`)
        .setIssuedAt(now)
        .setExpirationTime(now + expiresInSeconds)
        .sign(key);
    },
  };
}

function readIssuer(dataDir: string): IssuerFile {
  return issuerSchema.parse(JSON.parse(readFileSync(file(dataDir), 'utf8')));
}

async function newIssuer(): Promise<IssuerFile> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    privateKey: await exportPKCS8(privateKey),
    publicKey: { ...(await exportJWK(publicKey)) },
    kid: randomBytes(8).toString('hex'),
    issuer: 'https://local.bangfu.invalid/',
    audience: 'bangfu-local',
  };
}

/** 32 random bytes as base64, which stand for the key service on stage local. Returns the file's path. */
export function keyFile(dataDir: string): string {
  const path = join(dataDir, 'local.key');
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString('base64'), { mode: 0o600 });
  return path;
}
