#!/usr/bin/env -S node --max-semi-space-size=4
// Not built, so that npm can link it before the first build.
import '../dist/cli.js';
