import { describeTensorBackendConformance } from '@espalier/testing/conformance';
import { differentiate } from '../__fixtures__/differentiate.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { createJsBackend } from './create-js-backend.js';

describeTensorBackendConformance('plain JavaScript', { create: createJsBackend, differentiate });
describeTensorBackendConformance('ONNX Runtime', { create: createOnnxBackend, differentiate });
