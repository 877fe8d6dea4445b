import { registerHooks } from 'node:module';

// Lets Node run the packages' TypeScript sources, whose imports name the files that the build makes.
registerHooks({
  resolve(specifier, context, next) {
    if (
      specifier.startsWith('.') &&
      specifier.endsWith('.js') &&
      context.parentURL?.endsWith('.ts')
    ) {
      return next(specifier.replace(/\.js$/u, '.ts'), context);
    }
    return next(specifier, context);
  },
});
