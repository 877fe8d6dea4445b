import type { Finder } from '../internal/finder.js';
import { createAssignmentFinder } from './assignment-finder.js';
import {
  createCurlUserFinder,
  createHeaderFinder,
  createKubernetesFinder,
} from './header-finder.js';
import { createJwtFinder } from './jwt-finder.js';
import { createPemFinder } from './pem-finder.js';
import { createTokenFinder } from './token-finder.js';
import { createTokenRules } from './token-rules.js';
import { createUrlCredentialsFinder } from './url-credentials-finder.js';
import { createVendorFinder } from './vendor-finder.js';
import { createVendorRules } from './vendor-rules.js';
import { createWordFinder, createWordRules } from './word-finder.js';

/** Makes all finders of secrets; of two that find at one place the first is taken. */
export function createSecretFinders(): readonly Finder[] {
  return [
    createPemFinder(),
    createJwtFinder(),
    createTokenFinder(createTokenRules()),
    createWordFinder(createWordRules()),
    createUrlCredentialsFinder(),
    createVendorFinder(createVendorRules()),
    createHeaderFinder(),
    createCurlUserFinder(),
    createKubernetesFinder(),
    createAssignmentFinder(),
  ];
}

/** The ids of all rules, each of which can be the `rule` of a found secret. */
export function secretRuleIds(): readonly string[] {
  return [
    ...createTokenRules().map(({ id }) => id),
    ...createVendorRules().map(({ id }) => id),
    ...createWordRules().map(({ id }) => id),
    'private-key',
    'jwt',
    'url-credentials',
    'curl-auth-header',
    'curl-auth-user',
    'kubernetes-secret-yaml',
    'generic-api-key',
  ];
}
