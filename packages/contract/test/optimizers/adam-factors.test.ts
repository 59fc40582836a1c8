import { describe, expect, it } from '@jest/globals';
import { adamFactors, plainRootFactors } from '../../src';

const settings = { betas: [0.9, 0.75], epsilon: 0.01 } as const;

describe('adamFactors', () => {
  it('undoes at the first step that the moments begin at zero', () => {
    // 1 - β₁ = 0.1 and 1 - β₂ = 0.25, of which the root is a half.
    const { stepSize, rootScale, ...others } = adamFactors(1, 0.1, settings);
    expect(stepSize).toBeCloseTo(1, 12);
    expect(rootScale).toBe(2);
    expect(others).toEqual({
      ...{ meanDecay: 0.9, varianceDecay: 0.75, epsilon: 0.01 },
      ...{ gradientDecay: 0, shrink: 1 },
    });
  });

  it('corrects less at later steps', () => {
    // 1 - 0.9² = 0.19, 1 - 0.75² = 0.4375.
    expect(adamFactors(2, 0.1, settings).stepSize).toBeCloseTo(0.1 / 0.19, 12);
    expect(adamFactors(2, 0.1, settings).rootScale).toBeCloseTo(1 / Math.sqrt(0.4375), 12);
    expect(adamFactors(1000, 0.1, settings)).toMatchObject({ stepSize: 0.1, rootScale: 1 });
  });
});

describe('weight decay', () => {
  it("joins Adam's gradient, and shrinks AdamW's weights by its share of the learning rate", () => {
    const decay = (kind: 'adam' | 'adamW') => {
      const { gradientDecay, shrink } = adamFactors(1, 0.1, {
        ...settings,
        kind,
        weightDecay: 0.2,
      });
      return [gradientDecay, shrink];
    };
    expect(decay('adam')).toEqual([0.2, 1]);
    expect(decay('adamW')).toEqual([0, 0.98]);
  });
});

describe('plainRootFactors', () => {
  it('makes the same step of the same moments', () => {
    const factors = adamFactors(3, 0.1, settings);
    const { rate, epsilon } = plainRootFactors(factors);
    const [m, v] = [0.3, 0.04];
    const corrected = (factors.stepSize * m) / (factors.rootScale * Math.sqrt(v) + factors.epsilon);
    expect((rate * m) / (Math.sqrt(v) + epsilon)).toBeCloseTo(corrected, 12);
  });
});
