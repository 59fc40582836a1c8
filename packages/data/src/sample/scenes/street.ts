import { type Colour, lit, mix } from '../drawing/colour';
import { createFacadeStyle, paintFacade } from '../elements/facade';
import { paintCar, paintLamp, paintPerson } from '../elements/roadside';
import { paintSky } from '../elements/sky';
import { paintBroadleaf, pickFoliage } from '../elements/tree';
import type { Picture } from '../picture';

/** Where the street ends: what runs along it runs towards this point. */
interface Vanishing {
  readonly x: number;
  readonly y: number;
  /** Half the road's width, and the distance to the walls, in viewer heights. */
  readonly roadHalfWidth: number;
  readonly wallDistance: number;
}

/** A street between walls that meet in the distance, with cars, lamps, people and trees. */
export function paintStreet(picture: Picture): void {
  const { canvas, dice } = picture;
  const { side } = canvas;
  const roadHalfWidth = dice.between(0.5, 1.3);
  const vanishing: Vanishing = {
    x: dice.between(0.25, 0.75) * side,
    y: dice.between(0.3, 0.6) * side,
    roadHalfWidth,
    wallDistance: roadHalfWidth + dice.between(0.15, 0.6),
  };
  paintSky(picture, vanishing.y);
  paintRow(picture, vanishing, -1);
  paintRow(picture, vanishing, 1);
  paintRoad(picture, vanishing);
  for (let nearness = 0.12; nearness < 0.9; nearness *= dice.between(1.3, 2)) {
    paintRoadside(picture, vanishing, nearness);
  }
}

/** The houses of one side, from the end of the street to the viewer. */
function paintRow(picture: Picture, vanishing: Vanishing, direction: -1 | 1): void {
  const { canvas, dice } = picture;
  const { side } = canvas;
  const isOpen = dice.chance(0.15);
  let far = 0.06;
  while (far < 2) {
    const near = far * dice.between(1.6, 2.8);
    const height = dice.between(1.2, 4);
    const edge = (nearness: number) => ({
      x: vanishing.x + direction * vanishing.wallDistance * nearness * side,
      top: vanishing.y - height * nearness * side * 0.8,
      bottom: vanishing.y + nearness * side,
    });
    const [left, right] = direction < 0 ? [edge(near), edge(far)] : [edge(far), edge(near)];
    const wall = {
      left: left.x,
      right: right.x,
      leftTop: left.top,
      leftBottom: left.bottom,
      rightTop: right.top,
      rightBottom: right.bottom,
    };
    if (!isOpen || dice.chance(0.4)) paintFacade(picture, wall, createFacadeStyle(picture));
    far = near;
  }
}

function paintRoad({ canvas, dice, noise, light }: Picture, vanishing: Vanishing): void {
  const { side } = canvas;
  const tone = dice.between(60, 150);
  const asphalt: Colour = [tone, tone + dice.between(-5, 8), tone + dice.between(-8, 14)];
  const pavement = mix(asphalt, [190, 180, 165], dice.between(0.25, 0.8));
  const marking = dice.pick<'dashes' | 'line' | 'none'>(['dashes', 'dashes', 'line', 'none']);
  const dash = dice.between(2, 4);
  const crossing = dice.chance(0.25) ? dice.between(0.25, 0.6) : 9;
  const shift = dice.between(0, 60);
  canvas.paint(
    (x, y) => {
      const nearness = (y - vanishing.y) / side;
      const lateral = (x - vanishing.x) / (nearness * side);
      const depth = 1 / nearness;
      const grain = 0.95 + 0.12 * noise.fractal(x / 3 + shift, y / 3 + shift, 2);
      if (Math.abs(lateral) > vanishing.wallDistance * 1.02) return undefined;
      const isPainted =
        (marking === 'dashes' && Math.abs(lateral) < 0.035 && (depth * dash) % 2 < 1) ||
        (marking === 'line' && Math.abs(Math.abs(lateral) - 0.05) < 0.02) ||
        (Math.abs(nearness - crossing) < 0.05 && Math.abs((lateral * 4) % 1) < 0.5);
      const isRoad = Math.abs(lateral) < vanishing.roadHalfWidth;
      const surface =
        isRoad && isPainted ? ([225, 222, 210] as const) : isRoad ? asphalt : pavement;
      const kerb = Math.abs(Math.abs(lateral) - vanishing.roadHalfWidth) < 0.025 ? 0.7 : 1;
      return mix(
        lit(surface, light.brightness * grain * kerb),
        light.haze,
        light.hazeAmount * Math.max(0, 1 - 4 * nearness),
      );
    },
    { top: vanishing.y + 2 },
  );
}

/** What stands at one distance: perhaps a lamp, a tree, a car, people. */
function paintRoadside(picture: Picture, vanishing: Vanishing, nearness: number): void {
  const { canvas, dice } = picture;
  const scale = nearness * canvas.side;
  const ground = vanishing.y + scale;
  const beside = (lateral: number) => vanishing.x + lateral * scale;
  const pavement = vanishing.roadHalfWidth + 0.08;
  for (const direction of [-1, 1]) {
    const foot = { x: beside(direction * pavement), y: ground };
    if (dice.chance(0.3)) paintLamp(picture, foot, scale, -direction);
    else if (dice.chance(0.2)) paintBroadleaf(picture, foot, scale * 1.5, pickFoliage(dice));
    if (dice.chance(0.3))
      paintPerson(picture, { ...foot, x: foot.x + direction * 0.08 * scale }, scale);
    const lane = direction * vanishing.roadHalfWidth * dice.between(0.4, 0.8);
    if (dice.chance(0.4)) paintCar(picture, { x: beside(lane), y: ground }, scale);
  }
}
