export { type Random, randomFor } from '../features/definitions/random.js'
